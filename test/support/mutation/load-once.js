/** Has a package loaded once for all test files and mutants, outside of the modules that jest loads anew for each of them. */
module.exports = {
  process: (_source, file) => ({ code: `module.exports = requireOnce(${JSON.stringify(file)});` }),
};
