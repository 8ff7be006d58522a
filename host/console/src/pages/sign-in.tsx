import {
  Alert,
  Box,
  Button,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { api, ask } from "../api/client.ts";
import { explain, Problem } from "../api/problem.ts";
import { keys } from "../api/queries.ts";
import type { Me } from "../api/types.ts";
import { Preferences } from "../components/preferences.tsx";

const REMEMBERED = "hotline.sign-in";

function remembered(): { tenant: string; user_name: string } {
  const [tenant = "", user_name = ""] = (localStorage.getItem(REMEMBERED) ?? "").split("\n");
  return { tenant, user_name };
}

export function rememberedTenant(): string {
  return remembered().tenant;
}

/** `/sign-in?tenant=demo&next=/contacts`. Remembers tenant and user name, never the password. */
export function SignIn() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const known = remembered();
  const required = (value: string) => (value.trim() ? null : t("signIn.required"));
  const form = useForm({
    initialValues: {
      tenant: query.get("tenant") ?? known.tenant,
      user_name: known.user_name,
      password: "",
    },
    validate: { tenant: required, user_name: required, password: required },
  });

  const signIn = useMutation({
    mutationFn: (body: typeof form.values) =>
      ask<{ me: Me }>(api.POST("/api/v1/session", { body })),
    onSuccess: ({ me }, body) => {
      localStorage.setItem(REMEMBERED, `${body.tenant}\n${body.user_name}`);
      client.clear();
      client.setQueryData(keys.me, me);
      const next = query.get("next") ?? "/";
      navigate(next.startsWith("/") && !next.startsWith("//") ? next : "/", { replace: true });
    },
    onError: (error) => {
      if (error instanceof Problem) form.setErrors(error.fields);
      form.setFieldValue("password", "");
    },
  });

  useEffect(() => {
    document.title = `${t("signIn.title")} · ${t("brand")}`;
  }, [t]);

  return (
    <Box mih="100dvh" style={{ display: "flex", flexDirection: "column" }}>
      <Group justify="flex-end" p="sm" gap={6}>
        <Preferences />
      </Group>
      <Box m="auto" w="100%" maw={400} px="md" pb={80}>
        <Group gap="sm" mb="lg">
          <img src="/hotline.svg" width={44} height={44} alt="" />
          <div>
            <Title order={1} size={26} lh={1.1}>
              {t("brand")}
            </Title>
            <Text className="quiet" size="sm">
              {t("signIn.lead")}
            </Text>
          </div>
        </Group>
        <form
          className="panel"
          style={{ padding: "var(--mantine-spacing-lg)" }}
          onSubmit={form.onSubmit((values) =>
            signIn.mutate({
              ...values,
              tenant: values.tenant.trim(),
              user_name: values.user_name.trim(),
            }),
          )}
          noValidate
          aria-label={t("signIn.title")}
        >
          <Stack gap="sm">
            {signIn.error && (
              <Alert
                color="red"
                icon={<IconAlertCircle size={18} />}
                role="alert"
                data-testid="sign-in-problem"
              >
                {signIn.error instanceof Problem && signIn.error.status === 401
                  ? t("signIn.refused")
                  : explain(signIn.error, t)}
              </Alert>
            )}
            <TextInput
              label={t("signIn.tenant")}
              description={t("signIn.tenantHint")}
              autoComplete="organization"
              autoCapitalize="none"
              data-testid="sign-in-tenant"
              {...form.getInputProps("tenant")}
            />
            <TextInput
              label={t("signIn.userName")}
              autoComplete="username"
              autoCapitalize="none"
              autoFocus={!known.user_name}
              data-testid="sign-in-user-name"
              {...form.getInputProps("user_name")}
            />
            <PasswordInput
              label={t("signIn.password")}
              autoComplete="current-password"
              autoFocus={Boolean(known.user_name)}
              data-testid="sign-in-password"
              {...form.getInputProps("password")}
            />
            <Button type="submit" mt="xs" loading={signIn.isPending} data-testid="sign-in-submit">
              {t("signIn.submit")}
            </Button>
          </Stack>
        </form>
      </Box>
    </Box>
  );
}
