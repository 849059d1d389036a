/**
 * From the tree of a script to a plan. Knows no operator.
 *
 * A step is planned once however many read it, and only the columns that somebody reads are planned: `complete` plans
 * every column of every step, to find what is wrong in those that nobody reads.
 */
import type { CreateTable, Name, NamedSource, Query, QueryExpression, Script, Source, Step } from '@asaql/parser';
import type { Dictionary } from '../batch/dictionary.ts';
import { type CompileContext, compileExpression, type SourceText, typeNameOf } from '../expressions/from-tree.ts';
import type { UserFunctions } from '../expressions/user-functions.ts';
import type { OutputNode, PlanNode, SourceNode, UnionNode } from './nodes.ts';
import type { CompileOptions, InputOptions } from './options.ts';
import { PlanError } from './plan-error.ts';
import { type Relation, SourceRelation, UnionRelation } from './relation.ts';
import { selectFromTree } from './select-from-tree.ts';
import { SourcesScope } from './sources-scope.ts';
import { timedStepFromTree } from './timed-step.ts';

interface KnownStep {
  readonly step: Step;
  relation: Relation | null;
  planning: boolean;
}

/** A node yet without its number. */
export type Unnumbered<N> = N extends PlanNode ? Omit<N, 'id'> : never;

export class Planner {
  readonly dictionary: Dictionary;
  readonly nodes: PlanNode[] = [];
  readonly functions: UserFunctions;
  readonly #source: SourceText;
  readonly #options: CompileOptions;
  readonly #steps = new Map<string, KnownStep>();
  readonly #tables = new Map<string, CreateTable>();
  readonly #sources = new Map<string, Relation>();

  constructor(source: SourceText, options: CompileOptions, functions: UserFunctions, dictionary: Dictionary) {
    this.#source = source;
    this.#options = options;
    this.functions = functions;
    this.dictionary = dictionary;
  }

  plan(script: Script, complete: boolean): readonly PlanNode[] {
    for (const statement of script.statements) {
      if (statement.kind === 'createTable') this.#tables.set(statement.name.text.toLowerCase(), statement);
    }
    for (const statement of script.statements) if (statement.kind === 'query') this.#query(statement, complete);
    const broken = script.statements.find((statement) => statement.kind === 'errorStatement');
    if (broken !== undefined) throw new PlanError('This statement could not be understood.', broken.span);
    if (!this.nodes.some((node) => node.kind === 'output'))
      throw new PlanError('The script has no SELECT that writes an output.', script.span);
    return this.nodes;
  }

  context(scope: CompileContext['scope']): CompileContext {
    return {
      dictionary: this.dictionary,
      scope,
      functions: this.functions,
      source: this.#source,
      compatibilityLevel: this.#options.compatibilityLevel,
      watch: this.#options.watch,
      shared: new Map(),
    };
  }

  /** Gives a node its number: later nodes read earlier ones. */
  add<N extends PlanNode>(node: Omit<N, 'id'>): N {
    const numbered = { ...node, id: this.nodes.length } as unknown as N;
    this.nodes.push(numbered);
    return numbered;
  }

  #query(query: Query, complete: boolean): void {
    for (const step of query.steps) {
      const name = step.name.text.toLowerCase();
      if (this.#steps.has(name)) throw new PlanError(`Step '${step.name.text}' is defined twice.`, step.name.span);
      this.#steps.set(name, { step, relation: null, planning: false });
    }
    if (complete) for (const step of query.steps) this.#step(step.name)?.star();
    for (const select of query.selects) {
      const relation = this.relation(select.body);
      const columns = relation.star();
      this.add<OutputNode>({
        kind: 'output',
        source: relation.node,
        output: select.into?.text ?? 'output',
        columns,
        lowerCaseNames: this.#options.compatibilityLevel === '1.0',
      });
    }
  }

  #step(name: Name): Relation | null {
    const known = this.#steps.get(name.text.toLowerCase());
    if (known === undefined) return null;
    if (known.planning) throw new PlanError(`Step '${name.text}' reads itself.`, name.span);
    if (known.relation === null) {
      known.planning = true;
      known.relation = this.relation(known.step.body);
      known.planning = false;
    }
    return known.relation;
  }

  relation(query: QueryExpression): Relation {
    switch (query.kind) {
      case 'parenthesizedQuery':
        return this.relation(query.query);
      case 'stepReference':
        return this.named(query.source);
      case 'union': {
        const branches = [this.relation(query.left), this.relation(query.right)];
        const widths = branches.map((branch) => (branch.open ? null : branch.star().length));
        if (widths[0] !== null && widths[1] !== null && widths[0] !== widths[1]) {
          throw new PlanError(`The branches of a UNION must have the same columns: ${widths[0]} and ${widths[1]}.`, query.span);
        }
        const node = this.add<UnionNode>({ kind: 'union', branches: branches.map((branch) => branch.node), slots: [] });
        return new UnionRelation(node, branches);
      }
      default:
        return selectFromTree(query, this);
    }
  }

  source(source: Source): Relation {
    return source.kind === 'derived' ? this.relation(source.query) : this.named(source);
  }

  /** A step, or an input with its time line. */
  named(source: NamedSource): Relation {
    const { timestampBy } = source;
    const isStep = this.#steps.has(source.name.text.toLowerCase());
    const step = isStep && timestampBy === null ? this.#step(source.name) : null;
    if (step !== null) return step;
    const written = timestampBy === null ? '' : this.#source.text.slice(timestampBy.span.start, timestampBy.span.end);
    const options = this.#inputOptions(source.name.text);
    // Two readings of one input share its rows when they agree on the time; the alias may stand in the expression.
    const key = JSON.stringify([source.name.text.toLowerCase(), timestampBy === null ? '' : (source.alias?.text ?? ''), written]);
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const relation = isStep ? this.#timedStep(source) : this.#newSource(source, options);
    this.#sources.set(key, relation);
    return relation;
  }

  #timedStep(source: NamedSource): Relation {
    const known = this.#steps.get(source.name.text.toLowerCase());
    if (known?.planning) throw new PlanError(`Step '${source.name.text}' reads itself.`, source.span);
    // Errors in the step itself are told as its own.
    this.#step(source.name);
    return timedStepFromTree(
      source,
      (name) => this.#steps.get(name.toLowerCase())?.step ?? null,
      (input) => this.#newSource({ ...input, timestampBy: null }, this.#inputOptions(input.name.text)),
      this,
    );
  }

  #inputOptions(name: string): InputOptions {
    const { inputs } = this.#options;
    const key = Object.keys(inputs).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    return (key === undefined ? undefined : inputs[key]) ?? {};
  }

  #newSource(source: NamedSource, options: InputOptions): SourceRelation {
    const table = this.#tables.get(source.name.text.toLowerCase());
    const node = this.add<SourceNode>({
      kind: 'source',
      input: source.name.text,
      reference: options.kind === 'reference',
      snapshots: options.snapshots === true,
      slots: [],
      timestamp: null,
      over: [],
      declared:
        table?.columns.map((column) => ({ name: column.name.text, type: typeNameOf(column.type.typeName, column.type.span) })) ??
        null,
    });
    const relation = new SourceRelation(node, options.metadata === 'eventHub');
    if (source.timestampBy !== null) this.#timeOf(source, relation);
    return relation;
  }

  #timeOf(source: NamedSource, relation: SourceRelation): void {
    const { timestampBy } = source;
    if (timestampBy === null) return;
    if (relation.reference)
      throw new PlanError('Reference data has no time: TIMESTAMP BY cannot be used on it.', timestampBy.span);
    const { node } = relation;
    const scope = new SourcesScope(
      [{ name: source.alias?.text ?? source.name.text, hiddenName: null, relation, timestamp: null }],
      this.dictionary,
    );
    const context = this.context(scope);
    const { expression } = timestampBy;
    if (expression.kind === 'path' && node.declared === null) {
      const path = (JSON.parse(scope.pathText(expression)) as string[]).length;
      const slot = relation.timeSlot(expression.parts.slice(expression.parts.length - path).map((part) => part.text));
      node.timestamp = scope.column(slot);
    } else node.timestamp = compileExpression(expression, context);
    node.over = timestampBy.over.map((key) => compileExpression(key, context));
  }
}
