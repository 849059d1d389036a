/** The language server's process: sees the projects on disk. Knows no editor. */
import { startLanguageServer } from '@asaql/language-server';
import { projectOf } from '@asaql/pipeline/lsp';

startLanguageServer('node-ipc', { projectOf });
