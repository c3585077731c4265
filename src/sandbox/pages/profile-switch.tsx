/** Which EHR this one plays: a switch for whoever tries the service against a server that differs or fails. Knows names, not what each does. */
import { useEffect, useState } from 'preact/hooks';
import { lineOfError } from './call.js';
import type { Ehr } from './ehr.js';

const words: Readonly<Record<string, string>> = {
  plain: 'a plain EHR',
  'epic-like': 'an Epic-like EHR',
  'cerner-like': 'a Cerner-like EHR',
  slow: 'a slow EHR',
  busy: 'a busy EHR (429)',
  revoked: 'a revoked token',
};

export function ProfileSwitch({
  ehr,
  onChange,
  onProblem,
}: {
  readonly ehr: Ehr;
  readonly onChange: () => void;
  readonly onProblem: (line: string) => void;
}) {
  const [state, setState] = useState<{ readonly profile: string; readonly profiles: readonly string[] }>();
  useEffect(() => {
    ehr.profile().then(setState, () => undefined);
  }, [ehr]);
  if (state === undefined) return undefined;

  async function choose(profile: string) {
    try {
      setState(await ehr.setProfile(profile));
      onChange();
    } catch (error) {
      onProblem(`The switch could not be made. ${lineOfError(error)}`);
    }
  }

  return (
    <label class="profile">
      Plays{' '}
      <select data-testid="profile" value={state.profile} onChange={(event) => void choose(event.currentTarget.value)}>
        {state.profiles.map((name) => (
          <option key={name} value={name}>
            {words[name] ?? name}
          </option>
        ))}
      </select>
    </label>
  );
}
