// Mutation tests: do the unit tests notice when src/ does something else?
export default {
  // Not the list of event types, which one test compares as a whole: each of its mutants would run all tests.
  mutate: ['src/**/*.ts', '!src/sms-voice-event-type.ts'],
  testRunner: 'jest',
  jest: { configFile: 'test/support/mutation/jest.config.js' },
  coverageAnalysis: 'perTest',
  // ts-jest does not check types in the unit tests, so a mutant dies by a test or not at all.
  disableTypeChecks: false,
  concurrency: 2,
  timeoutMS: 10_000,
  maxTestRunnerReuse: 40,
  tempDirName: 'test-reports/mutation/sandbox',
  cleanTempDir: 'always',
  ignorePatterns: ['/.checkers', '/.emulators', '/coverage', '/dist', '/lib', '/test-reports'],
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: 'test-reports/mutation/mutation.json' },
  htmlReporter: { fileName: 'test-reports/mutation/mutation.html' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
};
