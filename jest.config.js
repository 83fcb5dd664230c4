const typescript = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
  // Copies of this package, where a mutation test was interrupted.
  modulePathIgnorePatterns: ['<rootDir>/test-reports/'],
};

const unit = { ...typescript, testMatch: ['<rootDir>/test/unit/**/*.test.ts'] };

module.exports = {
  projects: [
    // The oldest aws-cdk-lib that the library supports, and the newest that the CDK CLI reads.
    { ...unit, displayName: 'unit' },
    {
      ...unit,
      displayName: 'unit-newest-cdk',
      moduleNameMapper: { '^(aws-cdk-lib|constructs)($|/.*)': '<rootDir>/test/support/newest-cdk/node_modules/$1$2' },
    },
    ...['e2e', 'packages'].map((name) => ({ ...typescript, displayName: name, testMatch: [`<rootDir>/test/${name}/**/*.test.ts`] })),
  ],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { global: { lines: 100, branches: 100, functions: 100, statements: 100 } },
};
