/** What an EHR needs to register the app: RFC 7591 client metadata with the launch address. Knows addresses, no EHR. `smart.md` §3 */

/** The app reads the patient that it was launched for, and nothing else: the run comes from us. */
export const appScopes = { v1: 'launch openid fhirUser patient/Patient.read', v2: 'launch openid fhirUser patient/Patient.rs' } as const;

export function createSmartManifest(url: string, version: string): object {
  return {
    software_id: 'org.whycard.app',
    software_version: version,
    client_name: 'whycard: why this card',
    client_uri: url,
    launch_url: `${url}/launch`,
    initiate_login_uri: `${url}/launch`,
    redirect_uris: [`${url}/app/`],
    scope: appScopes.v2,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    fhir_versions: ['4.0.1'],
    smart: {
      launch_types: ['ehr', 'standalone'],
      pkce: 'S256',
      scope_v1: appScopes.v1,
      scope_v2: appScopes.v2,
      required_context: ['patient'],
      embedding: { framable: true, min_width: 320 },
      cds_services_url: `${url}/cds-services`,
    },
  };
}
