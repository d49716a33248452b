import { writeFileSync } from 'node:fs';
import { renderAbi } from './abi.ts';

for (const [name, text] of Object.entries(renderAbi())) {
  writeFileSync(new URL(`../abi/${name}`, import.meta.url), text);
}
