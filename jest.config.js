/** The unit tests run against the oldest aws-cdk-lib that the library supports, and against the newest that the CDK CLI reads. */
const typescript = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
};

const unit = {
  ...typescript,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/package/'],
};

module.exports = {
  projects: [
    { ...unit, displayName: 'unit, oldest aws-cdk-lib' },
    {
      ...unit,
      displayName: 'unit, newest aws-cdk-lib',
      moduleNameMapper: { '^(aws-cdk-lib|constructs)($|/.*)': '<rootDir>/test/newest-cdk/node_modules/$1$2' },
    },
    { ...typescript, displayName: 'package', testMatch: ['<rootDir>/test/package/**/*.test.ts'] },
    { ...typescript, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { global: { lines: 100, branches: 100, functions: 100, statements: 100 } },
};
