/** The door of the language server. */
export {};
