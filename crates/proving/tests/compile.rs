//! Compiling circuits: what is kept, and what is said when something is missing.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use maci_proving::compile::{CompileError, Compiler, Optimisation};
use support::{circuits, compiler};

/// A folder with one source file, and what compiling it in `cache` says.
fn compile(source: &str) -> Result<(), CompileError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("circuit.circom");
    std::fs::write(&file, source).unwrap();
    let compiler = Compiler::open(&circuits(), &folder.path().join("cache"))?;
    compiler.compile_file(&file, Optimisation::O1).map(drop)
}

#[test]
fn a_circuit_with_a_mistake_is_refused_with_the_compilers_words() {
    let error =
        compile("pragma circom 2.0.0;\ntemplate A() { signal input a; b <== a; }\ncomponent main = A();").unwrap_err();
    let CompileError::Refused { circuit, output, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(circuit, "circuit");
    assert!(output.contains("error") && !output.contains('\u{1b}'), "{output}");
}

#[test]
fn a_circuit_compiled_by_many_at_once_is_compiled_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("square.circom");
    let source =
        "pragma circom 2.0.0;\ntemplate S() { signal input a; signal output b; b <== a * a; }\ncomponent main = S();";
    std::fs::write(&file, source).unwrap();
    let compiler = Compiler::open(&circuits(), &folder.path().join("cache")).unwrap();
    let made: Vec<_> = std::thread::scope(|scope| {
        let compile = || compiler.compile_file(&file, Optimisation::O2).unwrap();
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(compile)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(
        made.iter()
            .all(|each| each == &made[0] && each.r1cs().is_file() && each.wasm().is_file())
    );
    let kept = folder.path().join("cache").read_dir().unwrap();
    let folders = kept.filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(folders, 1, "one result and no draft is left");
}

#[test]
fn missing_npm_packages_are_named_with_the_command_that_installs_them() {
    let folder = tempfile::tempdir().unwrap();
    let error = Compiler::open(folder.path(), &folder.path().join("cache")).unwrap_err();
    assert!(matches!(error, CompileError::NoPackage { .. }));
    assert!(error.to_string().contains("npm ci"), "{error}");
}

#[test]
fn linked_npm_packages_are_refused_because_circom2_cannot_follow_links() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/nowhere", folder.path().join("node_modules")).unwrap();
    let error = Compiler::open(folder.path(), &folder.path().join("cache")).unwrap_err();
    assert!(matches!(error, CompileError::LinkedPackages { .. }), "{error}");
}

#[test]
fn templates_are_compiled_by_name_and_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let modules = folder.path().join("node_modules/circom2");
    std::fs::create_dir_all(&modules).unwrap();
    let description = std::fs::read(circuits().join("node_modules/circom2/package.json")).unwrap();
    std::fs::write(modules.join("package.json"), description).unwrap();
    write(
        "templates.json",
        r#"{"Sum": {"file": "sum.circom", "parameters": ["size"], "public": ["a"]}}"#,
    );
    let compiler = Compiler::open(folder.path(), &folder.path().join("cache")).unwrap();
    let compile =
        |template: &str, parameters: &[u32]| compiler.compile(template, parameters, Optimisation::O1).unwrap_err();
    assert!(matches!(compile("Product", &[1]), CompileError::UnknownTemplate { known, .. } if known == "Sum"));
    assert!(matches!(
        compile("Sum", &[1, 2]),
        CompileError::Parameters { found: 2, .. }
    ));
}

#[test]
fn the_version_of_the_compiler_is_known() {
    assert!(compiler().version().starts_with("circom2 "));
}
