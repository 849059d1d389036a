/** `infra/deploy.ps1`, as a real PowerShell runs it. */
import { dirname, join } from 'node:path';
import { findPowerShell } from '../src/powershell.ts';
import { deploymentTests } from './support/deployment.ts';

deploymentTests([findPowerShell() as string, '-NoProfile', '-File', join(dirname(import.meta.dirname), 'deploy.ps1')]);
