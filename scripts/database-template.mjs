// Makes dist/database-template.tar.gz, an empty embedded database, so that the first start unpacks one instead of making one. Part of `npm run build`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

const client = await PGlite.create();
const dump = await client.dumpDataDir('gzip');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/database-template.tar.gz', Buffer.from(await dump.arrayBuffer()));
await client.close();
