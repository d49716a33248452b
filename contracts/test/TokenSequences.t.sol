// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {PrescriptionToken} from "../src/PrescriptionToken.sol";
import {IPrescriptionToken} from "../src/IPrescriptionToken.sol";
import {TokenHandler} from "./TokenHandler.sol";
import {TokenModel} from "./TokenModel.sol";

/// @title What holds after any sequence of calls by anybody: what the model says, and nothing else
contract TokenSequencesTest {
    TokenHandler private handler;
    PrescriptionToken private token;
    string[10] private kinds = [
        "a mint",
        "an issue that was signed",
        "an attestation",
        "a licence",
        "an appointment",
        "a dismissal",
        "a threshold",
        "an issue of before",
        "an attestation of before",
        "a transfer or an approval"
    ];
    mapping(string kind => uint256) private taken;
    mapping(string kind => uint256) private refused;

    function setUp() public {
        handler = new TokenHandler();
        token = handler.TOKEN();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_isWhatTheModelSays() public view {
        _takesWhatMayBeAndNothingElse();
        _keepsWhatWasIssued();
        _hasTheStateThatWasAttestedLast();
        _countsEachTokenOnceAndLocksIt();
        _hasTheOfficersThatWereAppointed();
    }

    /// @dev Each call was taken where it may be, and refused where it may not: roles and licences, distinct notaries up to the
    /// threshold, rising versions, states that go forward and end, deadlines, signatures without a flaw, no replay, no transfer.
    function _takesWhatMayBeAndNothingElse() private view {
        require(bytes(handler.broken()).length == 0, handler.broken());
    }

    /// @dev A licence that is replaced, ended or taken away changes nothing of what was issued under it.
    function _keepsWhatWasIssued() private view {
        for (uint256 id = 0; id < handler.IDS(); ++id) {
            TokenModel.Token memory own = handler.tokenOf(id);
            require(token.exists(id) == (own.holder != address(0)), "a token came or went");
            if (own.holder == address(0)) continue;
            IPrescriptionToken.Prescription memory kept = token.prescriptionOf(id);
            require(kept.issuer == own.issuer, "the issuer changed");
            require(kept.holder == own.holder && token.ownerOf(id) == own.holder, "the holder changed");
            require(kept.commitment == own.commitment, "the commitment changed");
            require(kept.expires == own.expires, "the expiry changed");
            IPrescriptionToken.Licence memory licence = token.licenceOf(id);
            require(licence.prescriber == own.issuer && licence.licenceHash == own.licence.hash, "the licence changed");
            require(licence.validFrom == own.licence.from && licence.validTo == own.licence.to, "the licence's time");
        }
    }

    function _hasTheStateThatWasAttestedLast() private view {
        for (uint256 id = 0; id < handler.IDS(); ++id) {
            TokenModel.Token memory own = handler.tokenOf(id);
            if (own.holder == address(0)) continue;
            IPrescriptionToken.Prescription memory kept = token.prescriptionOf(id);
            require(uint8(kept.state) == own.state && kept.version == own.version, "another state or version");
        }
    }

    /// @dev As many tokens as were minted, each counted for its holder, and none that anybody else could ever move.
    function _countsEachTokenOnceAndLocksIt() private view {
        uint256 held = 0;
        for (uint256 i = 0; i < handler.ACTORS(); ++i) {
            held += token.balanceOf(handler.actor(i));
            for (uint256 j = 0; j < handler.ACTORS(); ++j) {
                require(!token.isApprovedForAll(handler.actor(i), handler.actor(j)), "somebody may move all");
            }
        }
        require(held == handler.minted(), "another number of tokens");
        for (uint256 id = 0; id < handler.IDS(); ++id) {
            if (!token.exists(id)) continue;
            require(token.locked(id) && token.getApproved(id) == address(0), "a token is not locked");
        }
    }

    function _hasTheOfficersThatWereAppointed() private view {
        require(token.notaryThreshold() == handler.threshold(), "another threshold");
        require(token.notaryCount() == handler.notaries(), "another number of notaries");
        require(handler.threshold() <= handler.notaries(), "more notaries needed than there are");
        for (uint8 what = 0; what < 4; ++what) {
            bytes32 role = handler.role(what);
            for (uint256 i = 0; i < handler.ACTORS(); ++i) {
                address account = handler.actor(i);
                require(token.hasRole(role, account) == handler.has(role, account), "another officer");
            }
        }
    }

    /// @notice Sequences without the fuzzer, so that it is known that each thing is tried where it may be and where it may not.
    function test_triesEachThingInEachWay() public {
        for (uint256 round = 0; round < 12; ++round) {
            setUp();
            for (uint256 step = 0; step < 150; ++step) _any(uint256(keccak256(abi.encode(round, step))));
            invariant_isWhatTheModelSays();
            for (uint256 i = 0; i < kinds.length; ++i) {
                taken[kinds[i]] += handler.times(kinds[i], true);
                refused[kinds[i]] += handler.times(kinds[i], false);
            }
        }
        for (uint256 i = 0; i < kinds.length; ++i) {
            // The last three may never be.
            require(taken[kinds[i]] >= (i < 7 ? 10 : 0), string.concat(kinds[i], " was hardly ever taken"));
            require(refused[kinds[i]] >= 30, string.concat(kinds[i], " was hardly ever refused"));
        }
    }

    function _any(uint256 dice) private {
        uint8[4] memory n = [uint8(dice), uint8(dice >> 8), uint8(dice >> 16), uint8(dice >> 24)];
        (uint16 salt, uint16 time, bool even) = (uint16(dice >> 32), uint16(dice >> 48), dice >> 255 == 0);
        uint256 what = (dice >> 64) % 11;
        if (what == 0) handler.mint(n[0], n[1], n[2], salt, time);
        if (what == 1) handler.bring(n[0], n[1], n[2], salt, time, n[3], uint8(dice >> 128));
        if (what == 2) handler.replay(n[0], even);
        if (what == 3 || what == 4) handler.record(n[0], n[1], n[2], uint32(dice >> 96), n[3], uint8(dice >> 128), even);
        if (what == 5) handler.license(n[0], n[1], salt, bytes32(dice));
        if (what == 6) handler.appoint(n[0], n[1], n[2]);
        if (what == 7) handler.dismiss(n[0], n[1], n[2], even);
        if (what == 8) handler.setThreshold(n[0], n[1]);
        if (what == 9) handler.move(n[0], n[1], n[2], n[3]);
        if (what == 10) handler.wait(time);
    }
}
