// The one place that writes events to a file. Knows nothing of what they are.
import type { WriteFrames } from './partition-log.ts';

/** Writes all the frames at the position in one call, as far as the disk takes them in one; rejects where it does not take all. */
export const writeFrames: WriteFrames = async (segment, frames, position) => {
  const handle = await segment.handle();
  let expected = 0;
  for (const frame of frames) expected += frame.length;
  const { bytesWritten } = await handle.writev(frames, position);
  if (bytesWritten === expected) return;
  // A disk takes part of a write just before it is full: the rest shows why.
  const rest = Buffer.concat(frames).subarray(bytesWritten);
  for (let at = 0; at < rest.length; ) {
    const written = await handle.write(rest, at, rest.length - at, position + bytesWritten + at);
    if (written.bytesWritten === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    at += written.bytesWritten;
  }
};
