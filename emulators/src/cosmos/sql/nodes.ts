/** The syntax tree of a Cosmos SQL query. Plain data; it must not know how a query is read or run. */
import type { Json } from '../json.ts';

export type Scalar =
  | { kind: 'literal'; value: Json | undefined }
  | { kind: 'parameter'; name: string }
  | { kind: 'alias'; name: string }
  | { kind: 'member'; of: Scalar; key: Scalar }
  | { kind: 'unary'; operator: string; operand: Scalar }
  | { kind: 'binary'; operator: string; left: Scalar; right: Scalar }
  | { kind: 'between'; value: Scalar; low: Scalar; high: Scalar }
  | { kind: 'in'; value: Scalar; choices: Scalar[] }
  | { kind: 'like'; value: Scalar; pattern: Scalar; escape: Scalar | undefined }
  | { kind: 'conditional'; condition: Scalar; then: Scalar; otherwise: Scalar }
  | { kind: 'call'; name: string; args: Scalar[] }
  | { kind: 'object'; members: { name: string; value: Scalar }[] }
  | { kind: 'array'; items: Scalar[] }
  | { kind: 'subquery'; use: 'exists' | 'array' | 'scalar'; query: Query };

export type Source =
  /** `FROM c`, `FROM c.children AS x`: one row, the value itself. `FROM x IN c.children`: a row for each element. */
  { kind: 'path'; alias: string; path: Scalar; each: boolean } | { kind: 'query'; alias: string; query: Query; each: boolean };

export type SelectItem = { value: Scalar; name: string | undefined };

export type Query = {
  distinct: boolean;
  top: Scalar | undefined;
  select: { kind: 'star' } | { kind: 'value'; value: Scalar } | { kind: 'list'; items: SelectItem[] };
  from: Source[];
  where: Scalar | undefined;
  groupBy: Scalar[];
  orderBy: { value: Scalar; descending: boolean }[];
  offset: Scalar | undefined;
  limit: Scalar | undefined;
};

/** Every direct part of an expression, subqueries excepted. */
export function partsOf(node: Scalar): Scalar[] {
  switch (node.kind) {
    case 'member':
      return [node.of, node.key];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'between':
      return [node.value, node.low, node.high];
    case 'in':
      return [node.value, ...node.choices];
    case 'like':
      return node.escape === undefined ? [node.value, node.pattern] : [node.value, node.pattern, node.escape];
    case 'conditional':
      return [node.condition, node.then, node.otherwise];
    case 'call':
      return node.args;
    case 'object':
      return node.members.map(({ value }) => value);
    case 'array':
      return node.items;
    default:
      return [];
  }
}
