// The scenarios by name. What each does is told in the file of its name.

export const scenarioNames = ['late', 'out-of-order', 'duplicates', 'malformed', 'buffer-storm', 'premiere'] as const;
export type ScenarioName = (typeof scenarioNames)[number];
