//! What a plugin may do, in sentences that an administrator accepts.

use crate::{Auth, Endpoint, Manifest, Part, Placement, World};
use serde::{Deserialize, Serialize};

/// One thing that a plugin may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Permission {
    /// Names all that was accepted: another id is another permission, even when sentences agree.
    pub id: String,
    pub en: String,
    pub zh: String,
}

impl Permission {
    fn new(id: impl Into<String>, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Permission {
            id: id.into(),
            en: en.into(),
            zh: zh.into(),
        }
    }
}

impl Manifest {
    /// What it may do: by its world, then request by request. In a stable order; the difference of
    /// two versions' lists is what an administrator has to accept anew.
    pub fn permissions(&self) -> Vec<Permission> {
        let mut all = by_world(self.world);
        for endpoint in &self.http {
            all.push(requests(endpoint));
            if let Some(auth) = &endpoint.auth {
                all.extend(spends(endpoint, auth));
            }
            all.extend(endpoint.placements.iter().map(|one| places(endpoint, one)));
        }
        all
    }
}

fn by_world(world: World) -> Vec<Permission> {
    let transcripts = || {
        Permission::new(
            "read:transcripts",
            "Reads what customers and agents said, word for word.",
            "读取客户与坐席的逐字对话内容。",
        )
    };
    let contact = || {
        Permission::new(
            "read:contact",
            "Sees of each contact the caller's and the dialled number, language and attributes.",
            "可见每个联络的主叫与被叫号码、语言和属性。",
        )
    };
    match world {
        World::IvrFlow
        | World::IvrFlowWithMigration
        | World::FlowInterpreter
        | World::FlowInterpreterWithMigration => vec![
            contact(),
            Permission::new(
                "act:flow",
                "Answers calls, speaks, collects keys, queues callers and hangs up.",
                "接听来电、播报语音、收集按键、将来电排队以及挂断。",
            ),
        ],
        World::FlowLanguage => vec![Permission::new(
            "read:scripts",
            "Reads the flow scripts that it compiles; sees no contacts.",
            "读取其编译的流程脚本；看不到任何联络。",
        )],
        World::RoutingPolicy | World::RoutingPolicyWithLookups => {
            let mut all = vec![
                contact(),
                Permission::new(
                    "act:routing",
                    "Sees who waits and which agents are free, and proposes who gets whom.",
                    "可见等待中的联络与空闲坐席，并建议分配方案。",
                ),
            ];
            if world == World::RoutingPolicyWithLookups {
                all.push(Permission::new(
                    "read:lookups",
                    "Looks up the customer's history and your tables.",
                    "查询客户历史和您的数据表。",
                ));
            }
            all
        }
        World::QaRule => vec![contact(), transcripts()],
        World::QaLive | World::QaRuleAndLive => vec![
            contact(),
            transcripts(),
            Permission::new(
                "act:hints",
                "Shows hints to agents and supervisors while a contact goes on.",
                "在联络进行中向坐席和班长显示提示。",
            ),
        ],
        World::CrmConnector => vec![
            contact(),
            Permission::new(
                "act:connector",
                "Gets customer data that agents and flows ask it to find or to store.",
                "获得坐席和流程要求其查找或保存的客户数据。",
            ),
        ],
    }
}

fn requests(endpoint: &Endpoint) -> Permission {
    let mut methods = endpoint.methods.clone();
    methods.sort();
    let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
    let url = &endpoint.base_url;
    let id = format!("http:{}:{}:{url}", endpoint.name, names.join(","));
    let (list, liste) = (names.join(", "), names.join("、"));
    match configured(url) {
        Some(key) => Permission::new(
            id,
            format!(
                "Sends {list} requests to the address in its configuration (`{key}`), as `{}`.",
                endpoint.name
            ),
            format!(
                "向其配置（`{key}`）中的地址发送 {liste} 请求（名称 `{}`）。",
                endpoint.name
            ),
        ),
        None => Permission::new(
            id,
            format!("Sends {list} requests to {url}, as `{}`.", endpoint.name),
            format!("向 {url} 发送 {liste} 请求（名称 `{}`）。", endpoint.name),
        ),
    }
}

/// The configuration's key that decides which host an address names.
fn configured(url: &str) -> Option<&str> {
    let host = url.split("://").nth(1).unwrap_or(url);
    let host = host.split('/').next()?;
    let (_, rest) = host.split_once("{{config:")?;
    rest.split_once("}}").map(|(key, _)| key)
}

fn places(endpoint: &Endpoint, placement: &Placement) -> Permission {
    let to = &endpoint.name;
    let name = placement.name.as_deref().unwrap_or_default();
    let (part, part_zh, key) = match placement.part {
        Part::Header => (
            format!("the header `{name}`"),
            format!("请求头 `{name}`"),
            "header",
        ),
        Part::Query => (
            format!("the query parameter `{name}`"),
            format!("查询参数 `{name}`"),
            "query",
        ),
        Part::Body => ("the body".to_owned(), "请求正文".to_owned(), "body"),
    };
    match &placement.secret {
        Some(secret) => Permission::new(
            format!("place:{secret}:{to}:{key}:{name}"),
            format!(
                "Has the host put your secret `{secret}` into {part} of requests to `{to}`; the \
                 plugin does not see it."
            ),
            format!("由主机将您的密钥 `{secret}` 写入发往 `{to}` 的{part_zh}；插件看不到它。"),
        ),
        None => Permission::new(
            format!("place-collected:{to}:{key}:{name}"),
            format!(
                "Has the host put what a caller typed under protection into {part} of requests to \
                 `{to}`; the plugin does not see it."
            ),
            format!("由主机将来电者受保护输入的内容写入发往 `{to}` 的{part_zh}；插件看不到它。"),
        ),
    }
}

fn spends(endpoint: &Endpoint, auth: &Auth) -> Vec<Permission> {
    let to = &endpoint.name;
    auth.secrets()
        .into_iter()
        .map(|secret| match auth.token_url() {
            Some(url) => Permission::new(
                format!("secret:{secret}:{to}:{url}"),
                format!(
                    "Has the host exchange your secret `{secret}` for a token at {url}, and send \
                     the token to `{to}`; the plugin sees neither."
                ),
                format!(
                    "由主机用您的密钥 `{secret}` 在 {url} 换取令牌并发送给 `{to}`；插件看不到密钥和令牌。"
                ),
            ),
            None => Permission::new(
                format!("secret:{secret}:{to}"),
                format!("Has the host send your secret `{secret}` to `{to}`; the plugin does not see it."),
                format!("由主机将您的密钥 `{secret}` 发送给 `{to}`；插件看不到它。"),
            ),
        })
        .collect()
}
