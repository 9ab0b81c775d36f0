// The time in the sandbox, which people may move.
let aheadMs = 0;

export const setAhead = (ms) => { aheadMs = ms; };
export const ahead = () => aheadMs;
export const now = () => Date.now() + aheadMs;
