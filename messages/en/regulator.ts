export const regulator = {};
