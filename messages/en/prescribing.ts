export const prescribing = {};
