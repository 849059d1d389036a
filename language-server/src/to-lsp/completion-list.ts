/** Completions as the protocol's. Knows no query. */
import type { CompletionKind, CompletionItem as Item, CompletionList as List } from '@asaql/parser';
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  InsertTextFormat,
  MarkupKind,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toRange } from './range.ts';

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  function: CompletionItemKind.Function,
  userFunction: CompletionItemKind.Method,
  window: CompletionItemKind.Function,
  input: CompletionItemKind.Interface,
  step: CompletionItemKind.Class,
  output: CompletionItemKind.Module,
  alias: CompletionItemKind.Variable,
  column: CompletionItemKind.Field,
  unit: CompletionItemKind.Unit,
  type: CompletionItemKind.TypeParameter,
};

/** Editors without snippets are given the bare label where the text has places to fill in. */
export function toCompletionList(document: TextDocument, { replace, items }: List, takesSnippets: boolean): CompletionList {
  const range = toRange(document, replace);
  const toItem = ({ label, kind, insert, snippet, detail, documentation, rank }: Item): CompletionItem => ({
    label,
    kind: kinds[kind],
    detail,
    // Editors sort by text, so the rank is written with a fixed width.
    sortText: `${String(rank).padStart(4, '0')} ${label}`,
    textEdit: { range, newText: snippet && !takesSnippets ? label : insert },
    ...(snippet && takesSnippets ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(documentation === null ? {} : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
  });
  return { isIncomplete: false, items: items.map(toItem) };
}
