/** Raised when the compilers' output changes: stored models of the earlier version are compiled again from their source. */
export const COMPILER_VERSION = 6;
