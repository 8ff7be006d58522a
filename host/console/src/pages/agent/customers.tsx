import { Anchor, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { KnownCustomers } from "../../api/types.ts";
import { Attributes } from "../../components/attributes.tsx";

/** Whose call it is, as other systems know them, with the way to their page there. */
export function Customers({ of }: { of: KnownCustomers[] }) {
  return of.map((known) => <Known key={known.connector} known={known} />);
}

function Known({ known }: { known: KnownCustomers }) {
  const { t } = useTranslation();
  const { connector, customers } = known;
  const words = customers.length > 1 ? "several" : "one";
  return (
    <Stack gap={6} data-testid="known-customers">
      <Text size="xs" className="quiet">
        {t(`agent.customer.${words}`, { connector })}
      </Text>
      {customers.map((customer) => (
        <div key={customer.id ?? customer.name}>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {customer.url ? (
              <Anchor
                href={customer.url}
                target="_blank"
                rel="noreferrer noopener"
                inherit
                aria-label={t("agent.customer.open", { name: customer.name, connector })}
              >
                {customer.name}
              </Anchor>
            ) : (
              customer.name
            )}
            {customer.company && <span className="quiet"> · {customer.company}</span>}
          </Text>
          <Attributes of={customer.fields} />
        </div>
      ))}
    </Stack>
  );
}
