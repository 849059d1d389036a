/** What the pipeline offers other rooms, such as an editor that starts and watches it. */

export { loadSettings } from './config/load-settings.ts';
export { type Settings, SettingsError } from './config/settings.ts';
export { type JobProject, readJobProject } from './job/project.ts';
export { projectDatabases, projectFilesystems, projectHubs } from './local-services/definitions.ts';
export { type LocalServices, startLocalServices } from './local-services/start-local-services.ts';
export { type Reconciliation, reconcile } from './reconcile/reconcile.ts';
