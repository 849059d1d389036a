/**
 * A document that is being edited: each text gives a snapshot, and what has not changed since the last one is not worked
 * out again. Must not know an editor.
 */
import { parseAgain } from '../parser/parse.ts';
import { UnitMemory } from '../parser/unit-memory.ts';
import { type AnalyzeOptions, analyze } from '../semantics/analyze.ts';
import { BindingMemory } from '../semantics/binding-memory.ts';
import { type JobDeclarations, unknownJob } from '../semantics/declarations.ts';
import { createSnapshot, type Snapshot, type SnapshotWork } from './snapshot.ts';

export class EditingSession {
  private readonly units = new UnitMemory();
  private readonly bindings = new BindingMemory();
  private newest = 0;

  /**
   * The snapshot of the newest text. It shares its trees with those before, and their places move along: of a session
   * only the newest snapshot may be read.
   */
  snapshot(text: string, declarations: JobDeclarations = unknownJob, options: AnalyzeOptions = {}): Snapshot {
    const number = ++this.newest;
    const checked = <Result>(work: () => Result): Result => {
      if (number !== this.newest) throw new Error('Only the newest snapshot of a session may be read.');
      return work();
    };
    const work: SnapshotWork = {
      parse: () => checked(() => parseAgain(text, this.units)),
      analyze: (parsed) => checked(() => analyze(parsed, declarations, options, this.bindings)),
    };
    return createSnapshot(text, declarations, options, work);
  }
}
