const { TestEnvironment } = require('jest-environment-node');

/** The mutant that a test has killed: no other test needs to run against it. */
let killed;

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.requireOnce = require; // for load-once.js
  }

  handleTestEvent({ name, test }) {
    const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
    if (mutant === undefined) {
      return;
    }
    if (name === 'test_start' && mutant === killed) {
      test.mode = 'skip';
    } else if (name === 'test_done' && test.errors.length > 0) {
      killed = mutant;
    }
  }
};
