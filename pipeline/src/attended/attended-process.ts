/** The process of an attended pipeline: options in its environment, everything else over its socket. */
import process from 'node:process';
import { type AttendedOptions, attendedVariable } from './attended-messages.ts';
import { AttendedPipeline } from './attended-pipeline.ts';

const text = process.env[attendedVariable];
if (text === undefined) throw new Error('This program is started by an editor, not by hand.');
delete process.env[attendedVariable];
const pipeline = new AttendedPipeline(JSON.parse(text) as AttendedOptions);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => pipeline.stop());
pipeline.live().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
