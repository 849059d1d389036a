/**
 * The documents that are open: their texts, the projects around them, and one snapshot of each text for all features.
 * Must not know any feature.
 */
import { EditingSession, type JobDeclarations, type Snapshot, unknownJob } from '@asaql/parser';
import { TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { DocumentProject, LanguageServerHost } from './host.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** One version of a document. */
export interface OpenDocument {
  readonly document: TextDocument;
  /** Of exactly that version's text. */
  readonly snapshot: Snapshot;
}

/** What is kept of a document between its versions. */
interface Editing {
  readonly session: EditingSession;
  readonly project: DocumentProject | null;
  readonly declarations: JobDeclarations;
  /** The newest version that was asked for. */
  state: OpenDocument | null;
}

export class OpenDocuments {
  readonly texts = new TextDocuments(TextDocument);
  readonly #host: LanguageServerHost;
  readonly #reportProblem: (problem: string) => void;
  readonly #projectRead: (project: DocumentProject) => void;
  readonly #projects = new Map<string, Promise<DocumentProject | null>>();
  readonly #editings = new Map<string, Editing>();
  readonly #listeners: (() => void)[] = [];
  #settings: Settings = defaultSettings;

  /** `reportProblem` is told one line where a project cannot be read, `projectRead` each project as it is read. */
  constructor(
    host: LanguageServerHost,
    reportProblem: (problem: string) => void,
    projectRead: (project: DocumentProject) => void,
  ) {
    this.#host = host;
    this.#reportProblem = reportProblem;
    this.#projectRead = projectRead;
    this.texts.onDidClose(({ document }) => {
      this.#projects.delete(document.uri);
      this.#editings.delete(document.uri);
    });
  }

  /** What was computed under other settings is forgotten. */
  set settings(settings: Settings) {
    this.#settings = settings;
    this.#editings.clear();
    for (const listener of this.#listeners) listener();
  }

  /** Files of projects have changed: they are read anew when a document is asked for. */
  forgetProjects(): void {
    this.#projects.clear();
    this.#editings.clear();
    for (const listener of this.#listeners) listener();
  }

  /** Told when every document may mean something else than before, without a change of any text. */
  onEverythingChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The newest version of a document that is open; null for any other. */
  async find(uri: string): Promise<OpenDocument | null> {
    while (this.texts.get(uri) !== undefined) {
      const reading = this.#projectOf(uri);
      const project = await reading;
      const document = this.texts.get(uri);
      // Forgotten meanwhile: what was read may be old.
      if (document !== undefined && this.#projects.get(uri) === reading) return this.#stateOf(document, project);
    }
    return null;
  }

  #stateOf(document: TextDocument, project: DocumentProject | null): OpenDocument {
    const editing = this.#editingOf(document.uri, project);
    // A text document is changed in place: only its text tells whether the snapshot is still its own.
    const text = document.getText();
    if (editing.state !== null && editing.state.snapshot.text === text) return editing.state;
    const { disabledRules } = this.#settings;
    const isPart = project !== null && !project.isWholeJob && this.#settings.checkAs !== 'alone';
    const snapshot = editing.session.snapshot(text, editing.declarations, { disabledRules, isPart });
    editing.state = { document, snapshot };
    return editing.state;
  }

  #editingOf(uri: string, project: DocumentProject | null): Editing {
    const known = this.#editings.get(uri);
    if (known !== undefined && known.project === project) return known;
    const session = known?.session ?? new EditingSession();
    const editing: Editing = { session, project, declarations: this.#declarationsOf(project), state: null };
    this.#editings.set(uri, editing);
    return editing;
  }

  #declarationsOf(project: DocumentProject | null): JobDeclarations {
    const declarations = project === null || this.#settings.checkAs === 'alone' ? unknownJob : project.declarations;
    const { compatibilityLevel } = this.#settings;
    return compatibilityLevel === null ? declarations : { ...declarations, compatibilityLevel };
  }

  #projectOf(uri: string): Promise<DocumentProject | null> {
    const known = this.#projects.get(uri);
    if (known !== undefined) return known;
    const reading = this.#read(uri);
    this.#projects.set(uri, reading);
    return reading;
  }

  async #read(uri: string): Promise<DocumentProject | null> {
    try {
      const project = await this.#host.projectOf(uri);
      if (project !== null) this.#projectRead(project);
      return project;
    } catch (error) {
      this.#reportProblem(`${error instanceof Error ? error.message : String(error)} ${uri} is checked on its own.`);
      return null;
    }
  }
}
