/** The app's settings, from the service that serves it. */
import * as z from 'zod/mini';

const schema = z.object({ issuers: z.array(z.string()), clientId: z.string(), redirectUri: z.string(), scope: z.string() });

export type AppConfig = z.output<typeof schema>;

export async function loadConfig(): Promise<AppConfig> {
  const response = await fetch('/app/config.json');
  if (!response.ok) throw new Error('the settings could not be read');
  return schema.parse(await response.json());
}
