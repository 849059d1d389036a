/** The entry of the Functions app: importing it registers every function. The deployed package names its bundle in `main`. */
import './app-lifecycle.ts';
import './functions/archive-raw.ts';
import './functions/compact-lake.ts';
import './functions/process-events.ts';
import './functions/replay-dead-letters.ts';
