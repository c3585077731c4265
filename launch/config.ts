/** The app's settings, from the service that serves it. */
import * as z from 'zod/mini';

const schema = z.object({
  /** The EHRs that may launch the app. `dialect`: how scopes are spelled there, where the site knows better than the server says. */
  ehrs: z.array(z.object({ iss: z.string(), clientId: z.string(), dialect: z.optional(z.enum(['v1', 'v2'])) })),
  redirectUri: z.string(),
  scopes: z.object({ v1: z.string(), v2: z.string() }),
});

export type AppConfig = z.output<typeof schema>;

export function issuersOf({ ehrs }: AppConfig): readonly string[] {
  return ehrs.map(({ iss }) => iss);
}

export async function loadConfig(): Promise<AppConfig> {
  const response = await fetch('/app/config.json');
  if (!response.ok) throw new Error('the settings could not be read');
  return schema.parse(await response.json());
}
