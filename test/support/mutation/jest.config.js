/** The project of jest.config.js whose tests the mutants must fail. */
const unit = require('../../../jest.config.js').projects.find(({ displayName }) => displayName === 'unit');

module.exports = {
  ...unit,
  rootDir: '../../..',
  // What checkers say of templates, and what documents show, takes seconds; what they look at is tested by the others.
  testPathIgnorePatterns: ['security', 'docs'].map((folder) => `<rootDir>/test/unit/${folder}/`),
  // Two things that are as slow as they are needless here; what the tests check is the same.
  testEnvironment: require.resolve('./environment.js'),
  transform: { ...unit.transform, '/node_modules/(aws-cdk-lib|constructs)/.+\\.js$': require.resolve('./load-once.js') },
  transformIgnorePatterns: ['/node_modules/(?!(aws-cdk-lib|constructs)/)'],
};
