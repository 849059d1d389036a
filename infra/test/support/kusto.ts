/** Microsoft's language service of KQL: what it says of a query over given tables. It is a script for browsers, run in this context. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';

interface Diagnostics {
  readonly Count: number;
  getItem(index: number): { readonly Severity: string; readonly Start: number; readonly Message: string };
}
interface Language {
  readonly Symbols: {
    readonly TableSymbol: { From(columns: string): { WithName(name: string): object } };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly object[]) => object };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: object): { GetDiagnostics(): Diagnostics } };
}

let loaded: Language | null = null;

function language(): Language {
  if (loaded !== null) return loaded;
  const folder = dirname(createRequire(import.meta.url).resolve('@kusto/language-service-next/package.json'));
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    runInThisContext(readFileSync(join(folder, file), 'utf8'), { filename: file });
  loaded = (globalThis as unknown as { Kusto: { Language: Language } }).Kusto.Language;
  return loaded;
}

/** Column types by column by table. */
export type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One line for everything that is wrong with a query. */
export function kustoProblems(query: string, tables: Tables): string[] {
  const { Symbols, GlobalState, KustoCode } = language();
  const symbols = Object.entries(tables).map(([name, columns]) =>
    Symbols.TableSymbol.From(
      `(${Object.entries(columns)
        .map(([column, type]) => `${column}:${type}`)
        .join(', ')})`,
    ).WithName(name),
  );
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', symbols));
  const diagnostics = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: diagnostics.Count }, (_, index) => {
    const { Start, Message } = diagnostics.getItem(index);
    return `line ${query.slice(0, Start).split('\n').length}: ${Message}`;
  });
}
