/** Start and end of the app: what waits is woken when the host asks the app to stop, and connections are closed. */
import { app } from '@azure/functions';
import { closeClients } from './azure/clients.ts';

let stopping = new AbortController();

/** Aborted when the host stops the app. */
export const stopSignal = (): AbortSignal => stopping.signal;

app.hook.appStart(() => {
  if (stopping.signal.aborted) stopping = new AbortController();
});
app.hook.appTerminate(async () => {
  stopping.abort(new Error('The app is being stopped; unfinished batches stay in the hub.'));
  await closeClients();
});
