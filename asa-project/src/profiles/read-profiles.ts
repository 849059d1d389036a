/**
 * profiles/NAME.yaml: what is other in one environment. A profile holds names and sizes, never a key. Knows no other file.
 *
 * ```yaml
 * job:
 *   Name: my-job-prod
 *   StreamingUnits: 6
 * inputs:
 *   clicks: { ServiceBusNamespace: ns-prod }
 * outputs:
 *   cosmos-*: { AccountId: cosmos-prod }
 * ```
 */
import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { filesIn } from '../files/caseless-path.ts';
import { type ProjectFiles, readText, withoutMark } from '../files/project-files.ts';
import { fileName } from '../files/project-path.ts';
import type { Area, Profile, ProfileChange } from '../project/project.ts';
import { type ProblemCode, type ProjectProblem, problemOfFile } from '../project-problem.ts';
import { isSecretName, looksSecret } from '../secret.ts';

export async function readProfiles(files: ProjectFiles, problems: ProjectProblem[]): Promise<readonly Profile[]> {
  const profiles: Profile[] = [];
  for (const ending of ['.yaml', '.yml'])
    for (const path of await filesIn(files, 'profiles', ending)) {
      try {
        const text = await readText(files, path);
        if (text !== null) profiles.push(new ProfileReader(path, withoutMark(text), problems).read());
      } catch (error) {
        problems.push(problemOfFile('PRJ0001', path, (error as Error).message));
      }
    }
  return profiles.sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Values = Record<string, string | number | boolean>;

class ProfileReader {
  readonly #path: string;
  readonly #text: string;
  readonly #problems: ProjectProblem[];
  readonly #lines = new LineCounter();
  readonly #places = new Map<string, Area>();

  constructor(path: string, text: string, problems: ProjectProblem[]) {
    this.#path = path;
    this.#text = text;
    this.#problems = problems;
  }

  read(): Profile {
    const document = parseDocument(this.#text, { lineCounter: this.#lines });
    for (const { pos, message } of document.errors)
      this.#tell('PRJ0001', pos, null, (message.split('\n')[0] ?? '').replace(/ at line \d.*$/, '.'));
    const parts: { job: Values; inputs: ProfileChange[]; outputs: ProfileChange[] } = { job: {}, inputs: [], outputs: [] };
    for (const [key, value, node] of this.#entries(document.contents, [])) {
      if (key === 'job') parts.job = this.#values(value, [key]);
      else if (key === 'inputs' || key === 'outputs')
        for (const [names, changes] of this.#entries(value, [key]))
          parts[key].push({ names, values: this.#values(changes, [key, names]) });
      else this.#tell('PRJ0004', rangeOf(node), key, 'A profile has the keys job, inputs and outputs.');
    }
    return { name: fileName(this.#path).replace(/\.ya?ml$/i, ''), path: this.#path, ...parts, places: this.#places };
  }

  #values(node: Node | null, at: readonly string[]): Values {
    const values: Values = {};
    for (const [key, value, keyNode] of this.#entries(node, at)) {
      const found: unknown = isScalar(value) ? value.value : undefined;
      const path = [...at, key].join('.');
      if (isSecretName(key) || (typeof found === 'string' && looksSecret(found)))
        this.#tell(
          'PRJ0007',
          rangeOf(keyNode),
          path,
          'Keys do not belong in a profile: give them when the job is deployed, or sign in by identity (AuthenticationMode: Msi).',
        );
      else if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') values[key] = found;
      else this.#tell('PRJ0003', rangeOf(value ?? keyNode), path, 'Write a text, a number, true or false.');
    }
    return values;
  }

  #entries(node: Node | null, at: readonly string[]): readonly (readonly [string, Node | null, Node | null])[] {
    if (node === null || (isScalar(node) && node.value === null)) return [];
    if (!isMap(node)) {
      this.#tell('PRJ0003', rangeOf(node), at.join('.') || null, 'Write names with their values.');
      return [];
    }
    return node.items.map((item) => {
      const { key, value } = item as Pair<Node, Node | null>;
      this.#places.set([...at, isScalar(key) ? String(key.value) : ''].join('.'), this.#placeOf(rangeOf(key)));
      return [isScalar(key) ? String(key.value) : String(key), value, key] as const;
    });
  }

  #tell(code: ProblemCode, range: readonly [number, number], key: string | null, message: string): void {
    this.#problems.push({ code, severity: 'error', path: this.#path, key, message, ...this.#placeOf(range) });
  }

  #placeOf(range: readonly [number, number]): Area {
    const [start, end] = [this.#lines.linePos(range[0]), this.#lines.linePos(range[1])];
    return { startLine: start.line, startColumn: start.col, endLine: end.line, endColumn: end.col };
  }
}

function rangeOf(node: Node | null): readonly [number, number] {
  const range = node?.range;
  return range ? [range[0], range[1]] : [0, 0];
}
