export const dispensing = {};
