import type { ClassicLevel } from 'classic-level';

export type Database = ClassicLevel<Buffer, Buffer>;
export type Snapshot = ReturnType<Database['snapshot']>;
export type Operation = { type: 'put'; key: Buffer; value: Buffer } | { type: 'del'; key: Buffer };
