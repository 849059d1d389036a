/** `infra/deploy.sh`, as it is run. */
import { dirname, join } from 'node:path';
import { deploymentTests } from './support/deployment.ts';

deploymentTests(['/bin/bash', join(dirname(import.meta.dirname), 'deploy.sh')]);
