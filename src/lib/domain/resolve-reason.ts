/** Why threads are settled, as a list to choose from; any other words will do, and none. */
export const RESOLVE_REASONS = ['Corrected', 'Source added', 'Accepted risk', 'Not an error'] as const;
