/** The unit tests run against the oldest aws-cdk-lib that the library supports, and against the newest that the CDK CLI reads. */
const typescript = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
  // Copies of this package, where a mutation test was interrupted.
  modulePathIgnorePatterns: ['<rootDir>/test-reports/'],
};

/** Those that need the compiled library, emulators, packages or checkers, and those that run long. */
const others = ['documentation', 'e2e', 'faults', 'model', 'packages', 'scale'];

const unit = {
  ...typescript,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...others.map((name) => `<rootDir>/test/${name}/`), '<rootDir>/test/security/templates.test.ts'],
};

module.exports = {
  projects: [
    { ...unit, displayName: 'unit, oldest aws-cdk-lib' },
    {
      ...unit,
      displayName: 'unit, newest aws-cdk-lib',
      moduleNameMapper: { '^(aws-cdk-lib|constructs)($|/.*)': '<rootDir>/test/newest-cdk/node_modules/$1$2' },
    },
    { ...typescript, displayName: 'templates', testMatch: ['<rootDir>/test/security/templates.test.ts'] },
    ...others.map((name) => ({ ...typescript, displayName: name, testMatch: [`<rootDir>/test/${name}/**/*.test.ts`] })),
  ],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { global: { lines: 100, branches: 100, functions: 100, statements: 100 } },
};
