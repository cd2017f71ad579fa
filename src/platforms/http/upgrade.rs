//! Streams (WebSocket) of the API itself: on its own host, under its token.
//!
//! Apart from [`websocket`](super::websocket), whose links lead anywhere and whose clients know no
//! token: what is opened here is a [`Call`] like any other, with its path under the base address, its
//! safety, and redirects that stay on the origin.

use reqwest::{Client, ClientBuilder, StatusCode};

use super::client::{builder, finish, is_loopback};
use super::websocket::{Handshake, OPENING, SILENCE, WebSocket};
use super::wire::Reading;
use super::{Call, Http, Manner, problem, within};
use crate::model::Failure;

impl Http {
    /// Opens the stream that a call asks for. Its messages come as bytes, whatever they call
    /// themselves.
    ///
    /// # Errors
    /// As [`Http::send`]; `Server` for an answer that opens no stream.
    pub async fn upgrade(&self, call: Call) -> Result<WebSocket, Failure> {
        let handshake = Handshake::new();
        let manner = Manner {
            client: self.upgrading()?,
            limit: None,
            headers: handshake.headers(),
        };
        let response = within(OPENING, self.open(&call, &manner)).await?;
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            self.accepted(&call, response).await?;
            return Err(refused(status));
        }
        handshake.check(&response)?;
        let silence = self.patience.idle.min(SILENCE);
        WebSocket::over(response, silence, Reading::Bytes).await
    }

    /// The other version of the protocol has no upgrade, and a server may prefer it.
    fn upgrading(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.upgrading.get() {
            return Ok(client);
        }
        let builder = builder(is_loopback(&self.base), self.patience.connect)?;
        let client = finish(ClientBuilder::http1_only(builder))?;
        Ok(self.upgrading.get_or_init(|| client))
    }
}

fn refused(status: StatusCode) -> Failure {
    problem::redirect(status.as_u16(), "the stream was not opened")
}
