export const prescriptions = {};
