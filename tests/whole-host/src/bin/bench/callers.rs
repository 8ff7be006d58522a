//! The callers: SIPp, with scenarios of our own.

use hotline_whole_host::Host;
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What a wave of callers does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wave {
    pub(crate) calls: u32,
    pub(crate) per_second: u32,
    /// From the answer to the caller's BYE.
    pub(crate) hold: Duration,
    pub(crate) voice: Voice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// PCMU, a packet of 20 ms after the other.
    Speaking,
    /// No packets: only signalling is wanted.
    Mute,
}

/// What became of a wave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    pub(crate) successful: u64,
    pub(crate) failed: u64,
    pub(crate) retransmissions: u64,
}

/// SIPp at work; ends when dropped.
#[derive(Debug)]
pub(crate) struct Callers {
    process: Child,
    folder: tempfile::TempDir,
    /// Where mute callers say that they listen; what comes is dropped by the kernel.
    _ear: UdpSocket,
}

impl Callers {
    pub(crate) fn start(host: &Host, number: &str, wave: Wave) -> Callers {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ear = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let port = ear.local_addr().expect("a bound address").port();
        let scenario = scenario(wave.voice, port);
        std::fs::write(folder.path().join("caller.xml"), scenario).expect("room for a scenario");
        // Ten seconds of noise, which no codec and no silence suppression can shorten.
        let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..))
            .take(80_000)
            .collect();
        std::fs::write(folder.path().join("noise.ulaw"), noise).expect("room for noise");
        let process = Command::new("sipp")
            .current_dir(folder.path())
            .arg(host.sip.to_string())
            .args(["-i", "127.0.0.1", "-sf", "caller.xml", "-s", number])
            .args(["-m", &wave.calls.to_string(), "-l", &wave.calls.to_string()])
            .args(["-r", &wave.per_second.to_string()])
            .args(["-d", &wave.hold.as_millis().to_string()])
            .args(["-nostdin", "-trace_stat", "-stf", "counted.csv", "-fd", "1"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("SIPp, which `setup/install bench` brings");
        Callers {
            process,
            folder,
            _ear: ear,
        }
    }

    /// Waits until every call has ended.
    pub(crate) fn finish(mut self) -> Counted {
        self.process.wait().expect("our own child");
        counted(&self.folder.path().join("counted.csv"))
    }
}

impl Drop for Callers {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The last line of SIPp's statistics, by the names in its first line.
fn counted(file: &Path) -> Counted {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let names: Vec<&str> = text.lines().next().unwrap_or("").split(';').collect();
    let last: Vec<&str> = text.lines().last().unwrap_or("").split(';').collect();
    let value = |name: &str| {
        let place = names.iter().position(|known| *known == name);
        place
            .and_then(|place| last.get(place)?.parse().ok())
            .unwrap_or_else(|| panic!("no {name} in SIPp's statistics"))
    };
    Counted {
        successful: value("SuccessfulCall(C)"),
        failed: value("FailedCall(C)"),
        retransmissions: value("Retransmissions(C)"),
    }
}

fn scenario(voice: Voice, mute_port: u16) -> String {
    let (port, speak) = match voice {
        Voice::Speaking => (
            "[rtpstream_audio_port]".to_owned(),
            r#"<nop><action><exec rtp_stream="noise.ulaw,-1,0"/></action></nop>"#,
        ),
        Voice::Mute => (mute_port.to_string(), ""),
    };
    let within = |method: &str, sequence: u32| {
        format!(
            "<![CDATA[
{method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: {sequence} {method}
Max-Forwards: 70
Content-Length: 0

]]>"
        )
    };
    let (ack, bye) = (within("ACK", 1), within("BYE", 2));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio {port} RTP/AVP 0
a=rtpmap:0 PCMU/8000
a=ptime:20
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="200" rrs="true"/>
<send>{ack}</send>
{speak}
<pause/>
<send retrans="500">{bye}</send>
<recv response="200"/>
</scenario>
"#
    )
}
