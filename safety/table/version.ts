/** Version of the table. A test holds its contents to it: what is changed gets a new one. */
export const tableVersion = 'medloom-2';
