/** Valid queries after pages of the reference and articles on the product, each with the page that it follows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Sample {
  /** `stream-analytics-query/avg`. */
  readonly page: string;
  readonly query: string;
}

const folder = join(import.meta.dirname, '../samples');

export const samples: readonly Sample[] = readdirSync(folder)
  .sort()
  .flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split(/\n\n+/)
      .filter((block) => /^-- stream-analytics[\w-]*\//.test(block))
      .map((block) => {
        const [first = '', ...lines] = block.split('\n');
        return { page: first.slice('-- '.length), query: lines.join('\n') };
      }),
  );
