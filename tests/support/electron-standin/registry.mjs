/** What every part of the stand-in may look up. */
export const windows = new Map();
/** By web contents id. */
export const allContents = new Map();
export const schemeHandlers = new Map();
export const state = { isBooted: false };
