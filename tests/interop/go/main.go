// go-oidc with golang.org/x/oauth2: discovery, code flow with PKCE, userinfo, refresh, and a logout that is heard of by
// the back channel. What it is told comes as JSON on standard input, what it has seen goes to standard output.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

type told struct {
	Issuer                string `json:"issuer"`
	ClientID              string `json:"client_id"`
	ClientSecret          string `json:"client_secret"`
	RedirectURI           string `json:"redirect_uri"`
	PostLogoutRedirectURI string `json:"post_logout_redirect_uri"`
	BackchannelAddress    string `json:"backchannel_address"`
}

type seen struct {
	Subject          string `json:"subject"`
	Email            string `json:"email"`
	RefreshedSubject string `json:"refreshed_subject"`
	Rotated          bool   `json:"rotated"`
	EndedSession     bool   `json:"ended_session"`
	EndedSubject     string `json:"ended_subject"`
	Goodbye          string `json:"goodbye"`
}

func main() {
	var given told
	must(json.NewDecoder(os.Stdin).Decode(&given))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	must(json.NewEncoder(os.Stdout).Encode(flow(ctx, given)))
}

func flow(ctx context.Context, given told) seen {
	provider := got(oidc.NewProvider(ctx, given.Issuer))
	verifier := provider.Verifier(&oidc.Config{ClientID: given.ClientID})
	config := oauth2.Config{
		ClientID:     given.ClientID,
		ClientSecret: given.ClientSecret,
		Endpoint:     provider.Endpoint(),
		RedirectURL:  given.RedirectURI,
		Scopes:       []string{oidc.ScopeOpenID, "email", oidc.ScopeOfflineAccess},
	}
	logouts := listen(given.BackchannelAddress)
	person := browser()

	token, idToken := signIn(ctx, config, verifier, person)
	userinfo := got(provider.UserInfo(ctx, oauth2.StaticTokenSource(token)))
	same(userinfo.Subject, idToken.Subject)

	refreshed := got(config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token())
	renewed := got(verifier.Verify(ctx, idTokenOf(refreshed)))
	must(renewed.VerifyAccessToken(refreshed.AccessToken))

	goodbye := signOut(provider, given, person, idTokenOf(token))
	logout := got(verifier.VerifyLogout(ctx, <-logouts))
	var session struct {
		ID string `json:"sid"`
	}
	must(idToken.Claims(&session))
	return seen{
		Subject:          idToken.Subject,
		Email:            userinfo.Email,
		RefreshedSubject: renewed.Subject,
		Rotated:          refreshed.RefreshToken != token.RefreshToken,
		EndedSession:     session.ID != "" && logout.SessionID == session.ID,
		EndedSubject:     logout.Subject,
		Goodbye:          goodbye,
	}
}

func signIn(
	ctx context.Context, config oauth2.Config, verifier *oidc.IDTokenVerifier, person *http.Client,
) (*oauth2.Token, *oidc.IDToken) {
	state, nonce, pkce := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	answer := visit(person, config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(pkce))).Query()
	same(answer.Get("state"), state)
	token := got(config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(pkce)))
	idToken := got(verifier.Verify(ctx, idTokenOf(token)))
	same(idToken.Nonce, nonce)
	must(idToken.VerifyAccessToken(token.AccessToken))
	return token, idToken
}

func signOut(provider *oidc.Provider, given told, person *http.Client, hint string) string {
	var metadata struct {
		EndSession string `json:"end_session_endpoint"`
	}
	must(provider.Claims(&metadata))
	query := url.Values{
		"id_token_hint":            {hint},
		"post_logout_redirect_uri": {given.PostLogoutRedirectURI},
		"state":                    {"bye"},
	}
	return visit(person, metadata.EndSession+"?"+query.Encode()).String()
}

func idTokenOf(token *oauth2.Token) string {
	text, _ := token.Extra("id_token").(string)
	return text
}

// The logout tokens that are posted to this address.
func listen(address string) <-chan string {
	tokens := make(chan string, 1)
	listener := got(net.Listen("tcp", address))
	go http.Serve(listener, http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		tokens <- request.PostFormValue("logout_token")
	}))
	return tokens
}

// The realm signs in by itself, so a browser is cookies and a request that is not followed.
func browser() *http.Client {
	return &http.Client{
		Jar:           got(cookiejar.New(nil)),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func visit(person *http.Client, address string) *url.URL {
	response := got(person.Get(address))
	must(response.Body.Close())
	return got(response.Location())
}

func same(actual, expected string) {
	if actual != expected {
		log.Panicf("got %q instead of %q", actual, expected)
	}
}

func must(err error) {
	if err != nil {
		log.Panic(fmt.Errorf("the flow has failed: %w", err))
	}
}

func got[T any](value T, err error) T {
	must(err)
	return value
}
