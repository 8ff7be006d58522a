import { Checkbox, List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Permission, VersionDetail } from "../../api/types.ts";

/** The sentence in the reader's language. */
function sentence(permission: Permission, language: string): string {
  return language.startsWith("zh") ? permission.zh : permission.en;
}

interface Props {
  version: VersionDetail;
  /** Ids that are about to be accepted. */
  accepting: string[];
  onAccept: (ids: string[]) => void;
  mayChange: boolean;
}

/** What a version asks for; what is new has to be accepted, one sentence at a time. */
export function Permissions({ version, accepting, onAccept, mayChange }: Props) {
  const { t, i18n } = useTranslation();
  const { added, removed } = version.permission_changes;
  const open = added.filter((each) => !version.accepted.includes(each.id));
  const known = version.permissions.filter((each) => !open.some((one) => one.id === each.id));
  return (
    <Stack gap="sm">
      {open.length > 0 && (
        <Checkbox.Group
          label={t("flows.permissionsNew")}
          description={t("flows.permissionsNewHelp")}
          value={accepting}
          onChange={onAccept}
        >
          <Stack gap={6} mt={6}>
            {open.map((each) => (
              <Checkbox
                key={each.id}
                value={each.id}
                label={sentence(each, i18n.language)}
                disabled={!mayChange}
                data-testid="permission"
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {known.length > 0 && (
        <List size="sm" spacing={4}>
          {known.map((each) => (
            <List.Item key={each.id}>{sentence(each, i18n.language)}</List.Item>
          ))}
        </List>
      )}
      {removed.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t("flows.permissionsGone")}
          </Text>
          <List size="sm" spacing={4} className="quiet">
            {removed.map((each) => (
              <List.Item key={each.id}>{sentence(each, i18n.language)}</List.Item>
            ))}
          </List>
        </div>
      )}
    </Stack>
  );
}
