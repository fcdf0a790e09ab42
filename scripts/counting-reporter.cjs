// mocha's spec reporter, which also leaves its counts where scripts/test.mjs finds them.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { tests, passes, failures, pending } = this.stats;
      if (process.env.SONGBAI_TEST_REPORT) writeFileSync(process.env.SONGBAI_TEST_REPORT, JSON.stringify({ tests, passes, failures, pending }));
    });
  }
};
