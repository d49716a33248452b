import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './server/gateways/db/schema/*.ts',
  out: './server/gateways/db/drizzle',
});
