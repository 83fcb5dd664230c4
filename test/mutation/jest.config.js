/** The project of jest.config.js whose tests the mutants must fail. */
const NAME = 'unit, oldest aws-cdk-lib';

const { projects } = require('../../jest.config.js');

const unit = projects.find(({ displayName }) => displayName === NAME);

module.exports = {
  ...unit,
  rootDir: '../..',
  // What checkers say of templates, and what documents show, takes seconds; what they look at is tested by the others.
  testPathIgnorePatterns: [...unit.testPathIgnorePatterns, ...['security/', 'events/', 'guides/', 'email.test.ts'].map((path) => `<rootDir>/test/${path}`)],
  // Two things that are as slow as they are needless here; what the tests check is the same.
  testEnvironment: require.resolve('./environment.js'),
  transform: { ...unit.transform, '/node_modules/(aws-cdk-lib|constructs)/.+\\.js$': require.resolve('./load-once.js') },
  transformIgnorePatterns: ['/node_modules/(?!(aws-cdk-lib|constructs)/)'],
};
