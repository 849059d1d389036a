/** The door of projects and query tests. */
export {};
